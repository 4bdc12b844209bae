// Runs before the page is drawn, so that a dark page never flashes white.
(() => {
  const wish = localStorage.getItem("fiel-theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const told = localStorage.getItem("fiel-theme");
    const theme = told || (dark.matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
  };
  document.documentElement.setAttribute("data-bs-theme", wish || (dark.matches ? "dark" : "light"));
  dark.addEventListener("change", show);
})();
