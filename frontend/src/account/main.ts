import "../ui/ui.css";
import "./account.css";
import { enliven, listen } from "../ui/behaviours";
import { offerPasskeys } from "./passkeys";
import { revealPasswords } from "./passwords";

enliven(document);
listen();
offerPasskeys(document);
revealPasswords(document);
