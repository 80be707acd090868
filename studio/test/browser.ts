// A real Chromium out of an npm package, so that a bare machine needs nothing else.

import { type Browser, chromium as playwright } from "playwright-core";

/** Starts it. The package brings the system libraries it needs, and unpacks them where this variable says "Lambda". */
export async function launch(): Promise<Browser> {
  process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs20.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ["--no-sandbox", "--font-render-hinting=none"],
  });
}
