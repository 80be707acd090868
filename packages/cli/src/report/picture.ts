import type { Material } from "./material.ts";
export const pictureOf = async (_: Material, __: string): Promise<string> => "";
