/** Containers inside one another, the outermost counted as 1. Low enough that recursion never nears the stack's end. */
export const MAX_KEY_DEPTH = 64;

/** Values inside the arguments: elements, properties, map keys and map values. */
export const MAX_KEY_NODES = 100_000;

/** UTF-16 units of text: 256 k. */
export const MAX_KEY_UNITS = 262_144;
