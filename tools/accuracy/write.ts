// Measures again and writes docs/accuracy.md: npx tsx tools/accuracy/write.ts

import { writeFileSync } from "node:fs";
import { accuracyPath, accuracyText } from "./page.ts";

writeFileSync(new URL(`../../${accuracyPath}`, import.meta.url), accuracyText());
