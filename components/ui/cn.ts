import { type ClassValue, clsx } from "clsx"

/**
 * Returns the class names, joined. Variants change the look of a primitive; a `className` from outside adds only what
 * concerns its position (margin, width, position), so nothing needs to be merged at run time.
 */
export function cn(...names: ClassValue[]): string {
  return clsx(names)
}
