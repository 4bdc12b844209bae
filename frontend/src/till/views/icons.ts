/** The icons that the till shows; the others are not loaded. */
import arrowBack from "@tabler/icons/outline/arrow-back-up.svg?raw";
import backspace from "@tabler/icons/outline/backspace.svg?raw";
import camera from "@tabler/icons/outline/camera.svg?raw";
import cashRegister from "@tabler/icons/outline/cash-register.svg?raw";
import check from "@tabler/icons/outline/check.svg?raw";
import clock from "@tabler/icons/outline/clock.svg?raw";
import cloudUp from "@tabler/icons/outline/cloud-up.svg?raw";
import discount from "@tabler/icons/outline/ticket.svg?raw";
import gift from "@tabler/icons/outline/gift.svg?raw";
import list from "@tabler/icons/outline/list.svg?raw";
import lock from "@tabler/icons/outline/lock.svg?raw";
import message from "@tabler/icons/outline/message-circle.svg?raw";
import plus from "@tabler/icons/outline/plus.svg?raw";
import printer from "@tabler/icons/outline/printer.svg?raw";
import search from "@tabler/icons/outline/search.svg?raw";
import trash from "@tabler/icons/outline/trash.svg?raw";
import userPlus from "@tabler/icons/outline/user-plus.svg?raw";
import warning from "@tabler/icons/outline/alert-triangle.svg?raw";
import wifiOff from "@tabler/icons/outline/wifi-off.svg?raw";
import x from "@tabler/icons/outline/x.svg?raw";

export const paths = {
  "arrow-back": arrowBack, backspace, camera, "cash-register": cashRegister, check, clock, "cloud-up": cloudUp,
  discount, gift, list, lock, message, plus, printer, search, trash, "user-plus": userPlus,
  warning, "wifi-off": wifiOff, x,
};

export type IconName = keyof typeof paths;
