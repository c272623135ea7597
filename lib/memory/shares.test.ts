import { describe, expect, test } from "vitest"
import { type Leave, shares } from "./shares"

function taken(place: Leave | "own" | "all" | null): Leave {
  if (typeof place !== "function") throw new Error(`There was no place: ${place}.`)
  return place
}

describe("shared places", () => {
  test("one name takes its part and no more, whatever is free", () => {
    const places = shares({ each: 2, total: 4 })
    places.take("noisy")
    places.take("noisy")
    expect(places.take("noisy")).toBe("own")
    taken(places.take("quiet"))
  })

  test("there are no more than all of them, and a place that is given back can be taken again", () => {
    const places = shares({ each: 2, total: 3 })
    const first = taken(places.take("a"))
    taken(places.take("a"))
    taken(places.take("b"))
    expect(places.take("c")).toBe("all")
    first()
    taken(places.take("c"))
  })

  test("a place that is given back twice is one place", () => {
    const places = shares({ each: 1, total: 2 })
    const first = taken(places.take("a"))
    first()
    first()
    taken(places.take("b"))
    taken(places.take("c"))
    expect(places.take("d")).toBe("all")
  })

  test("who waits gets the next place of the name, first come, first served", async () => {
    const places = shares({ each: 1 })
    const first = taken(places.take("a"))
    const order: string[] = []
    const second = places.wait("a", 60_000).then(leave => {
      order.push("second")
      taken(leave)()
    })
    const third = places.wait("a", 60_000).then(leave => {
      order.push("third")
      taken(leave)()
    })
    taken(places.take("b"))()
    first()
    await Promise.all([second, third])
    expect(order).toEqual(["second", "third"])
    taken(places.take("a"))
  })

  test("who waits in vain is told so, and gets no place later", async () => {
    const places = shares({ each: 1 })
    const first = taken(places.take("a"))
    expect(await places.wait("a", 1)).toBeNull()
    first()
    taken(places.take("a"))
  })

  test("no more wait than may", async () => {
    const places = shares({ each: 1, waiting: 1 })
    const first = taken(places.take("a"))
    const waits = places.wait("a", 60_000)
    expect(await places.wait("a", 60_000)).toBeNull()
    first()
    taken(await waits)
  })
})
