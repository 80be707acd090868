// The page's first module: opens what the address says, in a language, and draws it.

import { mount } from "svelte";
import App from "./App.svelte";
import { page, startPage } from "./state/page.svelte.ts";
import { preferred, speak } from "./strings/say.svelte.ts";
import "./styles/page.css";
import "./styles/room.css";
import "./styles/controls.css";
import "./styles/charts.css";
import "./styles/narrow.css";

startPage();
await Promise.all([speak(page.state.lang || preferred(), page.room.id), page.room.view()]);
mount(App, { target: document.getElementById("app")! });
