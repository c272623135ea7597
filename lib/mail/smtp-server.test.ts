import { expect, test } from "vitest"
import { smtpServer } from "./smtp-server"

test("the parts of an address are what they look like", () => {
  expect(smtpServer("smtp://me%40acme.example:a%2Fb@mail.example.com:2525")).toEqual({
    host: "mail.example.com",
    port: 2525,
    secure: false,
    requireTls: true,
    login: { user: "me@acme.example", password: "a/b" },
  })
  expect(smtpServer("smtps://mail.example.com")).toMatchObject({ port: 465, secure: true, login: null })
  expect(smtpServer("smtp://[::1]")).toMatchObject({ host: "::1", port: 587 })
  expect(smtpServer("smtp://me:100%@127.0.0.1")).toMatchObject({ login: { user: "me", password: "100%" } })
})

test("a password leaves this machine over TLS only", () => {
  const required = (url: string) => smtpServer(url).requireTls
  expect(required("smtp://me:pw@mail.example.com")).toBe(true)
  expect(required("smtp://me:pw@localhost")).toBe(false)
  expect(required("smtp://mail.example.com")).toBe(false)
  expect(required("smtp://mail.example.com?tls=required")).toBe(true)
})
