import type { Material } from "./material.ts";
export const reportOf = async (_: Material): Promise<string> => "";
