CREATE TABLE "Tasks" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Tasks" PRIMARY KEY,
    "Service" TEXT NOT NULL,
    "Version" TEXT NOT NULL,
    "Image" TEXT NOT NULL,
    "Command" TEXT NOT NULL,
    "Timeout" INTEGER NOT NULL,
    "RequestedAt" INTEGER NOT NULL,
    "StartedAt" INTEGER NULL,
    "EndedAt" INTEGER NULL,
    "Status" TEXT NOT NULL,
    "ExitCode" INTEGER NULL,
    "Message" TEXT NULL,
    "RequesterUser" TEXT NULL,
    "RequesterAddress" TEXT NULL
);

CREATE INDEX "IX_Tasks_Service_Id" ON "Tasks" ("Service", "Id");

CREATE INDEX "IX_Tasks_Status" ON "Tasks" ("Status");
