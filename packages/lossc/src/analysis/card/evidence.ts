// What shows a fact, in words and apart from its numbers.

import { type Phrase, wordsOf } from "../../phrase.ts";
import type { Evident } from "../types.ts";

export const evident = (phrase: Phrase): Required<Evident> => ({ evidence: wordsOf(phrase), phrase });
