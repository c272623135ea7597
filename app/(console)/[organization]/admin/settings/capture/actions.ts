"use server"

import { action } from "@/lib/http/action"
import { readCapturePolicy } from "@/lib/operations/capture/policy"
import { simulateCapturePolicy } from "@/lib/operations/capture/simulate"
import { tryCapturePolicy } from "@/lib/operations/capture/try"
import { updateCapturePolicy } from "@/lib/operations/capture/update"

export const readCapturePolicyAction = action(readCapturePolicy)
export const updateCapturePolicyAction = action(updateCapturePolicy)
export const simulateCapturePolicyAction = action(simulateCapturePolicy)
export const tryCapturePolicyAction = action(tryCapturePolicy)
