import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import { EnvironmentReport } from "./environment-report"

const shown = (source: Record<string, string>) => {
  const { adapter, warnings } = readCaptureEnvironment(source, null).environment
  return renderToStaticMarkup(<EnvironmentReport adapter={adapter} warnings={warnings} />)
}

test("an environment that is silent shows nothing", () => {
  expect(shown({ CLEARML__apiserver__log_calls: "true" })).toBe("")
})

test("a key that is not known is shown with the nearest one", () => {
  const markup = shown({ CLEARML__apiserver__apilog__adaptor: "raw_log" })
  expect(markup).toContain("CLEARML__apiserver__apilog__adaptor is not known")
  expect(markup).toContain("CLEARML__apiserver__apilog__adapter ")
})

test("the adapter and its rotation are shown", () => {
  const markup = shown({
    CLEARML__apiserver__apilog__adapter: "logging",
    CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host: "fluentd.example",
    CLEARML__apiserver__apilog__rotation__time: "yearly",
  })
  expect(markup).toContain("Fluentd at fluentd.example, port 24224")
  expect(markup).toContain("yearly")
})

test("an adapter without a host is said to send nothing", () => {
  const markup = shown({ CLEARML__apiserver__apilog__adapter: "elastic" })
  expect(markup).toContain("no host to send to, so nothing is sent")
})
