import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { ValueText } from "@/components/audit-log/values/value-text"
import { DirectedText } from "./directed-text"

test("a dialog's question isolates a name that is written from right to left, and nothing else", () => {
  expect(renderToStaticMarkup(<DirectedText text="Remove أحمد from Acme?" />)).toBe(
    "Remove <bdi>أحمد</bdi> from Acme?",
  )
  expect(renderToStaticMarkup(<DirectedText text="Remove Nora from Acme?" />)).toBe("Remove Nora from Acme?")
})

test("a character that turns the direction does nothing in a dialog's question", () => {
  expect(renderToStaticMarkup(<DirectedText text={"Remove \u202enaeR from Acme?"} />)).toBe(
    "Remove naeR from Acme?",
  )
})

test("a producer's sentence keeps the page's direction, whatever name stands first", () => {
  expect(renderToStaticMarkup(<ValueText text="أحمد left the organization" sentence />)).toBe(
    '<bdi dir="ltr"><bdi>أحمد</bdi> left the organization</bdi>',
  )
  expect(renderToStaticMarkup(<ValueText text="غادر أحمد" sentence />)).toBe("<bdi>غادر أحمد</bdi>")
})

test("a value that is cut is a box in its own direction, so that its beginning stays", () => {
  expect(renderToStaticMarkup(<ValueText text="أحمد" truncate />)).toMatch(/^<bdi class="block [^"]*truncate/)
})
