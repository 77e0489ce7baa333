CREATE TABLE "Deliveries" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_Deliveries" PRIMARY KEY AUTOINCREMENT,
    "Receiver" TEXT NOT NULL,
    "Id" TEXT NOT NULL,
    "Service" TEXT NOT NULL,
    "Event" TEXT NOT NULL,
    "Time" INTEGER NOT NULL,
    "Body" TEXT NOT NULL
);

CREATE UNIQUE INDEX "IX_Deliveries_Receiver_Id" ON "Deliveries" ("Receiver", "Id");
