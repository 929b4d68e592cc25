/** The till page begins here. */

import {openStore} from "./store.js";

const store = await openStore();
document.body.dataset.ready = "";
document.querySelector("#till").hidden = false;
store.addEventListener("change", () => {});
