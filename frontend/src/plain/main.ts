import "../ui/ui.css";
import { enliven, listen } from "../ui/behaviours";

enliven(document);
listen();
