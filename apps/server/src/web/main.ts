import { mountDeskside } from "@deskside/ui";
import { connect } from "./connect.ts";

const element = document.getElementById("deskside");
if (element) mountDeskside(element, { connect });
