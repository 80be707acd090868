// The profile of a loss as it is given: with parameters, or from a person's file.

import { curve, viewsOf } from "lossc";
import { docs } from "lossc/docs";
import { loops } from "lossc/inspect";
import { printProgram } from "lossc/language";
import { parseSpec } from "../eval/spec.ts";
import { type Profile, profileOf } from "./profile.ts";

export async function liveProfile(text: string): Promise<Profile> {
  const { loss, options } = parseSpec(text);
  const params = Object.fromEntries(
    Object.entries(options).filter(([name]) => Object.hasOwn(loss.params, name)),
  );
  return profileOf(loss, docs[loss.name], { curve, viewsOf, printProgram }, params);
}

/** The loop program that kernels of a loss are printed from. */
export const loopsOf = (text: string): string => loops(parseSpec(text).loss);
