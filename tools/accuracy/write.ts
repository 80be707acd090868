// Writes docs/accuracy.md: npx tsx tools/accuracy/write.ts

import { writeFileSync } from "node:fs";
import { accuracyPage, measured } from "./page.ts";

writeFileSync(new URL("../../docs/accuracy.md", import.meta.url), accuracyPage(measured()));
