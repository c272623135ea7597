import { expect, test } from "vitest"
import { describeOperation, knownOperations, operationByCode } from "./catalogue"

test("no name and no code stands twice", () => {
  const names = knownOperations.map(known => known.name)
  const codes = knownOperations.flatMap(known => known.code ?? [])
  expect(new Set(names).size).toBe(names.length)
  expect(new Set(codes).size).toBe(codes.length)
})

test("each name is a resource and a verb, perhaps with a part of the resource between them", () => {
  expect(knownOperations.filter(known => !/^[a-z_]+(?:\.[a-z]+)?\.[a-z_]+$/.test(known.name))).toEqual([])
  expect(knownOperations.filter(known => known.description === "" || known.family === "")).toEqual([])
})

test("all 49 Clarifai event types are found by their code, removed ones included", () => {
  expect(knownOperations.filter(known => known.code !== undefined)).toHaveLength(49)
  expect(operationByCode(103)).toEqual({
    name: "organization_member_invitation.create",
    code: 103,
    family: "organization",
    description: "Organization member invitations created",
  })
  expect(operationByCode(203)?.name).toBe("module_version.create")
  expect([901, 902].map(code => operationByCode(code)?.name)).toEqual([
    "compute_cluster.delete",
    "compute_cluster.update",
  ])
  expect(operationByCode(0)?.name).toBe("event_type.not_set")
  expect(operationByCode(599)).toBeNull()
})

test("an unknown operation is described by its own words", () => {
  expect(describeOperation("s3.get_storage_lens_configuration")).toEqual({
    name: "s3.get_storage_lens_configuration",
    family: "s3",
    description: "S3: get storage lens configuration",
  })
  expect(describeOperation("invoice_line.item.mark-paid")).toMatchObject({
    family: "invoice_line",
    description: "Invoice line item: mark paid",
  })
  expect(describeOperation("login")).toMatchObject({ family: "login", description: "Login" })
  expect(describeOperation("constructor")).toMatchObject({ description: "Constructor" })
})

test("what API platforms and model hubs do has names of its own", () => {
  const names = new Set(knownOperations.map(known => known.name))
  const expected = [
    ...["project.create", "project.update", "project.delete", "project_configuration.update"],
    ...[
      "api_proxy.create",
      "api_proxy.update",
      "api_proxy.delete",
      "api_proxy.promote",
      "api_proxy_version.create",
    ],
    ...["on_premises_key.create", "on_premises_key.rotate", "on_premises_key.delete"],
    ...["application.duplicate", "model.train", "model.publish", "workflow.publish", "workflow.remove"],
  ]
  expect(expected.filter(name => !names.has(name))).toEqual([])
})
