/** What the till says, in the language of its page: the page brings the texts along. */
const element = document.getElementById("messages");
const messages = JSON.parse(element?.textContent || "{}") as Record<string, string>;

export const language = document.documentElement.lang || "es";

/** A text in the page's language, with its `{places}` filled. */
export function _(text: string, places: Record<string, string | number> = {}): string {
  return (messages[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in places ? String(places[name]) : whole,
  );
}
