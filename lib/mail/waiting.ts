import type { Database, PrismaTransaction } from "@/lib/db"
import { givenUpAfterMs } from "./retry"
import { noServerReason } from "./state"

/** Why a mail is given up that nobody could be asked to take. */
export const neverAServerReason =
  "For two days no SMTP server was configured (SMTP_URL). The mail was given up."

/** Promise: every mail that waits says that there is nowhere to send it; the number of those that did not say so before. */
export async function tellWaitingMails(database: Database): Promise<number> {
  const { count } = await database.prisma.mailMessage.updateMany({
    where: {
      sentAt: null,
      failedAt: null,
      OR: [{ lastError: null }, { lastError: { not: noServerReason } }],
    },
    data: { lastError: noServerReason },
  })
  return count
}

/** Promise: mails that have waited so long that their links are of no use are given up; their number. */
export async function giveUpOldMails(database: Database, at: Date): Promise<number> {
  const { count } = await database.prisma.mailMessage.updateMany({
    where: {
      sentAt: null,
      failedAt: null,
      createdAt: { lt: new Date(at.getTime() - givenUpAfterMs) },
    },
    data: { failedAt: at, sealedContent: null, lastError: neverAServerReason },
  })
  return count
}

/** Promise: mails that were sent or given up before that moment are removed, and none that waits; their number. */
export async function deleteOldMails(prisma: PrismaTransaction, before: Date): Promise<number> {
  const { count } = await prisma.mailMessage.deleteMany({
    where: { OR: [{ sentAt: { lt: before } }, { failedAt: { lt: before } }] },
  })
  return count
}
