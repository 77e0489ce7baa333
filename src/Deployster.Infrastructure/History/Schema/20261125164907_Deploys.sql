CREATE TABLE "Deploys" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Deploys" PRIMARY KEY AUTOINCREMENT,
    "Service" TEXT NOT NULL,
    "Version" TEXT NOT NULL,
    "Timestamp" TEXT NOT NULL,
    "RequestedAt" INTEGER NOT NULL,
    "Intention" TEXT NOT NULL,
    "Status" TEXT NOT NULL,
    "Message" TEXT NULL,
    "EndedAt" INTEGER NULL,
    "RequesterUser" TEXT NULL,
    "RequesterAddress" TEXT NULL
);

CREATE TABLE "DeployEvents" (
    "DeployId" INTEGER NOT NULL,
    "Id" INTEGER NOT NULL,
    "Time" INTEGER NOT NULL,
    "Kind" TEXT NOT NULL,
    "Message" TEXT NOT NULL,
    "Unit" TEXT NULL,
    CONSTRAINT "PK_DeployEvents" PRIMARY KEY ("DeployId", "Id"),
    CONSTRAINT "FK_DeployEvents_Deploys_DeployId" FOREIGN KEY ("DeployId") REFERENCES "Deploys" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_Deploys_Service_RequestedAt_Id" ON "Deploys" ("Service", "RequestedAt", "Id");

CREATE UNIQUE INDEX "IX_Deploys_Service_Version_Timestamp" ON "Deploys" ("Service", "Version", "Timestamp");

CREATE INDEX "IX_Deploys_Status" ON "Deploys" ("Status");
