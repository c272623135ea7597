import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { actorTypes, statuses } from "@/lib/audit/event/event"
import { ActorMark } from "./actor-mark"
import { RowIcons } from "./row-icon"
import { RowStatus, StatusMark } from "./status-mark"

const symbols = renderToStaticMarkup(<RowIcons />)

test.each([
  ...actorTypes.map(
    type => [type, <ActorMark key={type} actor={{ type, label: "Ada" }} onBehalfOf={null} />] as const,
  ),
  ...statuses.map(status => [status, <RowStatus key={status} status={status} />] as const),
])("a row refers to the icon of %s, which the page has once", (name, mark) => {
  const html = renderToStaticMarkup(mark)
  expect(html).toContain(`<use href="#row-icon-${name}"></use>`)
  expect(html).not.toMatch(/<(?:path|circle|rect|line)\b/)
  expect(symbols.split(`<symbol id="row-icon-${name}" viewBox="0 0 24 24">`)).toHaveLength(2)
})

test("referring to it takes less than half of the HTML of a status", () => {
  const drawn = renderToStaticMarkup(<StatusMark status="success" />)
  expect(renderToStaticMarkup(<RowStatus status="success" />).length).toBeLessThan(drawn.length / 2)
})
