import { expect, test } from "vitest"
import { fewAtOnce } from "./lookup"

/** A lookup whose answers a test gives. */
function asked() {
  const open = new Map<string, () => void>()
  const lookUp = fewAtOnce(name => new Promise(resolve => open.set(name, () => resolve([`ip of ${name}`]))))
  const turn = () => new Promise(resolve => setImmediate(resolve))
  return {
    lookUp,
    names: async () => {
      await turn()
      return [...open.keys()]
    },
    answer: async (name: string) => {
      await turn()
      open.get(name)?.()
      open.delete(name)
      await turn()
    },
  }
}

test("names whose name servers never answer get two of three places, whatever their number, and one that had an answer never waits behind them", async () => {
  const { lookUp, names, answer } = asked()
  const first = lookUp("works")
  await answer("works")
  expect(await first).toEqual(["ip of works"])
  for (let number = 0; number < 20; number++) void lookUp(`hangs-${number}`)
  expect(await names()).toEqual(["hangs-0", "hangs-1"])
  const again = lookUp("works")
  expect(await names()).toEqual(["hangs-0", "hangs-1", "works"])
  await answer("works")
  expect(await again).toEqual(["ip of works"])
  // Those that wait have their turn in their order.
  await answer("hangs-0")
  expect(await names()).toEqual(["hangs-1", "hangs-2"])
})

test("never more than three names are looked up at once", async () => {
  const { lookUp, names, answer } = asked()
  for (const name of ["a", "b", "c", "d", "e"]) {
    const found = lookUp(name)
    await answer(name)
    await found
  }
  for (const name of ["a", "b", "c", "d", "e"]) void lookUp(name)
  expect(await names()).toEqual(["a", "b", "c"])
})

test("a name that fails gives its place back, and is one without an answer again", async () => {
  let fails = true
  const lookUp = fewAtOnce(async name => {
    if (fails) throw new Error(name)
    return [name]
  })
  for (let number = 0; number < 5; number++) await expect(lookUp("a")).rejects.toThrow("a")
  fails = false
  expect(await lookUp("a")).toEqual(["a"])
})
