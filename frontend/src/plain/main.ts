import "../ui/ui.css";
import "./plain.css";
import { enliven, listen } from "../ui/behaviours";
import { tellPlaces } from "../ui/places";

enliven(document);
tellPlaces(document);
listen();
