import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, test } from "vitest"

const css = readFileSync(path.join(import.meta.dirname, "../../app/globals.css"), "utf8")

/** The value of a token in one theme, as written in the stylesheet. */
function token(name: string, theme: "light" | "dark"): string {
  const both = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)
  const single = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)
  const value = single?.[1] ?? both?.[theme === "light" ? 1 : 2]
  if (value === undefined) throw new Error(`The stylesheet has no colour --${name}`)
  return value
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(start => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ["background", "card", "popover", "muted", "accent"]
const inks = ["foreground", "muted-foreground", "link", "success", "failure", "denied", "unknown"]
const texts: readonly (readonly [string, string])[] = [
  ...inks.flatMap(ink => grounds.map(ground => [ink, ground] as const)),
  ...["foreground", "muted-foreground", "link"].map(ink => [ink, "primary-soft"] as const),
  ...["success", "failure", "denied", "unknown"].flatMap(ink => [
    [ink, `${ink}-soft`] as const,
    ["foreground", `${ink}-soft`] as const,
  ]),
  ...["primary", "primary-hover"].map(ground => ["primary-foreground", ground] as const),
  ...["destructive", "destructive-hover"].map(ground => ["destructive-foreground", ground] as const),
]
const edges = ["input", "ring"].flatMap(edge => grounds.slice(0, 3).map(ground => [edge, ground] as const))

describe.each(["light", "dark"] as const)("the %s theme", theme => {
  test.each(texts)("%s is legible on %s", (ink, ground) => {
    expect(contrast(token(ink, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5)
  })

  test.each(edges)("the edge %s stands out from %s", (edge, ground) => {
    expect(contrast(token(edge, theme), token(ground, theme))).toBeGreaterThanOrEqual(3)
  })
})
