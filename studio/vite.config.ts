// How the page is built: static files that work from any folder of any web server.

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { formulasLater, kernelsLater } from "lossc/later";
import { defineConfig, type Plugin } from "vite";
import { formulas } from "./build/formulas.ts";
import { strings } from "./build/strings.ts";
import { views } from "./build/views.ts";
import { trainingWorker } from "./build/worker.ts";

/** The development server injects inline scripts and styles, which the page's policy forbids. */
const withoutPolicy: Plugin = {
  name: "lossc-studio-without-policy",
  apply: "serve",
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ""),
};

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [
    formulasLater(),
    kernelsLater(),
    svelte(),
    formulas(),
    views(),
    strings(),
    trainingWorker(),
    withoutPolicy,
  ],
  build: {
    target: "es2023",
    chunkSizeWarningLimit: 400,
    // Preloading touches the document, which the worker's chunks have not.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, files, { hostType }) => (hostType === "html" ? files : []),
    },
  },
});
