"use client"

import { lazyPart } from "@/components/ui/lazy-part"

// Parts of the frame whose code is loaded after the page: they show nothing at first.
export const Watches = lazyPart(() => import("./watches"), { silent: true })
export const ZoneOffer = lazyPart(() => import("@/components/zone/zone-offer"), { silent: true })
