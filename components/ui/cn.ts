import { type ClassValue, clsx } from "clsx"

/**
 * Promise: the class names that are given, joined. A primitive's look is changed by its variants; a `className` from outside
 * adds what concerns the place it stands in (margin, width, position), so nothing has to be merged at run time.
 */
export function cn(...names: ClassValue[]): string {
  return clsx(names)
}
