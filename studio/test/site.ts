// The built page on a server and a browser to visit it with, for as long as the tests of a file or a group run.

import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { launch } from "./browser.ts";
import { serve } from "./serve.ts";
import { paceHere, type Visit, visit } from "./visit.ts";

export interface Site {
  /** Of the page; ends with a slash. */
  readonly address: string;
  /** In a browser of its own context. */
  visit(): Promise<Visit>;
  /** How many times slower the machine is here and now than the one that budgets are for. */
  pace(): Promise<number>;
}

/** To be called where tests are declared, before what visits it. */
export function useSite(): Site {
  let browser: Browser;
  let server: Server;
  let address: string;
  beforeAll(async () => {
    [browser, { server, address }] = await Promise.all([launch(), serve(inject("studio"))]);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  return {
    get address() {
      return address;
    },
    visit: () => visit(browser, address),
    pace: () => paceHere(browser),
  };
}
