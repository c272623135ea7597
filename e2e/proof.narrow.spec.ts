import { randomUUID } from "node:crypto"
import { expectAccessible, expectNoSidewaysScroll } from "./accessibility"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"
import { beginKey, makeProofsOld } from "./proof"
import { password } from "./world"

test("the question who one is can be read and answered on a telephone", async ({ page }) => {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  const form = await beginKey(page, `narrow-${randomUUID().slice(0, 8)}`)
  await makeProofsOld(person.id)
  await form.getByRole("button", { name: "Create key" }).click()
  const question = page.getByRole("dialog", { name: "Confirm that it is you" })
  await expect(question).toBeVisible()
  await expectNoSidewaysScroll(page, "the question who one is scrolls sideways")
  await expectAccessible(page, "confirm that it is you, narrow")
  await question.getByLabel("Password", { exact: true }).fill(password)
  await question.getByRole("button", { name: "Confirm" }).tap()
  await expect(page.getByText("Only its hash is kept")).toBeVisible()
})
