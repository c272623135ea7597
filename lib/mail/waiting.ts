import type { Database, PrismaTransaction } from "@/lib/database/database"
import { givenUpAfterMs } from "./retry"
import { noServerReason } from "./state"

/** The reason stored with an expired mail for which there was never a server. */
export const neverAServerReason =
  "For two days no SMTP server was configured (SMTP_URL). The mail was given up."

/** Stores the reason for waiting with every mail that waits. Returns the number of those that did not have it before. */
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

/** Gives up mails that have waited so long that their links are useless. Returns their number. */
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

/** Deletes mails that were sent or given up before that time; waiting ones stay. Returns their number. */
export async function deleteOldMails(prisma: PrismaTransaction, before: Date): Promise<number> {
  const { count } = await prisma.mailMessage.deleteMany({
    where: { OR: [{ sentAt: { lt: before } }, { failedAt: { lt: before } }] },
  })
  return count
}
