namespace Deployster.Infrastructure.Tests.History;

/// <summary>The history's file as releases before this one made it, with rows in it. What is written here never changes.</summary>
internal static class ReleasedFile
{
    public const string Notes =
        """
        CREATE TABLE "__EFMigrationsHistory" (
            "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
            "ProductVersion" TEXT NOT NULL
        );
        """;

    private const string Deploys =
        """
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
        INSERT INTO "__EFMigrationsHistory" VALUES ('20261125164907_Deploys', '10.0.15');
        """;

    private const string Tasks =
        """
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
        INSERT INTO "__EFMigrationsHistory" VALUES ('20261125171848_Tasks', '10.0.15');
        """;

    private const string Images =
        """
        ALTER TABLE "Tasks" ADD "ImageId" TEXT NULL;
        ALTER TABLE "Deploys" ADD "UnitCount" INTEGER NULL;
        INSERT INTO "__EFMigrationsHistory" VALUES ('20261127060000_Images', '10.0.15');
        """;

    private const string Deliveries =
        """
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
        INSERT INTO "__EFMigrationsHistory" VALUES ('20261128090000_Deliveries', '1.0.0');
        """;

    /// <summary><see cref="Records.Full"/>, and one that is in progress.</summary>
    private const string DeployRows =
        """
        INSERT INTO Deploys VALUES (1, 'railsapp', 'v1', '2026.11.25-12.01.00', 639312048001234567,
        'Image="registry.example:5000/mycompany/railsapp:v1"
        RequestedAt=2026-11-25T12:00:00.1234567Z
        DestroyPrevious=true
        Replaces=v0:2026.11.24-12.00.00 2
        Instances=3
        Port=8080
        Env="DATABASE_URL=postgres://u:geheim@db/x?a=b"
        Env="ODD= \"quotes\" \\ = % ''ü'' 漢 "
        Volume="/srv/data:/data:ro"
        Volume="cache:/cache"
        Command="sh"
        Command="-c"
        Command="echo \"a b\" = c"
        Memory=512m
        Cpus=1.5
        HealthPath="/health?x=1"
        HealthInterval=2
        HealthTimeout=3
        MinHealthySeconds=5
        Deadline=120', 'RolledBack', 'railsapp:v1 has exited with 1:
        line one
        line ''two''; DROP TABLE Deploys; --', 639312049200000007, 'alice', '2001:db8::1');
        INSERT INTO Deploys VALUES (2, 'railsapp', 'v2', '2026.11.25-12.02.00', 639312049200000000,
        'Image="mycompany/railsapp:v2"
        RequestedAt=2026-11-25T12:02:00.0000000Z
        DestroyPrevious=false
        Instances=1
        Port=3000
        MinHealthySeconds=0
        Deadline=300', 'InProgress', NULL, NULL, NULL, NULL);
        INSERT INTO DeployEvents VALUES (1, 1, 639312048010000000, 'UnitState', 'event 1', NULL);
        INSERT INTO DeployEvents VALUES (1, 2, 639312048020000000, 'UnitState', 'event 2', 'railsapp:v1:2026.11.25-12.01.00@2.service');
        INSERT INTO DeployEvents VALUES (2, 1, 639312048010000000, 'UnitState', 'event 1', NULL);
        """;

    private const string TaskRows =
        """
        INSERT INTO Tasks VALUES ('01a21293b6007e1c8f351f666fb27731', 'railsapp', 'v1', 'mycompany/railsapp:v1',
        '["sh","-c","echo \u0022a\nb\u0022",""]', 6000000000, 639312048000000000, 639312048000000003, 639312053400000000,
        'Failed', 7, NULL, 'alice', '2001:db8::1');
        """;

    private const string ImageRows =
        """
        UPDATE Tasks SET ImageId = 'sha256:1c35c4412082';
        UPDATE Deploys SET UnitCount = 3 WHERE Id = 1;
        """;

    private const string Releases =
        """
        ALTER TABLE "Tasks" ADD "ReleaseOf" TEXT NULL;
        INSERT INTO "__EFMigrationsHistory" VALUES ('20261128100000_Releases', '1.0.0');
        """;

    private const string ReleaseRows =
        """
        UPDATE Tasks SET ReleaseOf = '2026.11.25-12.01.00';
        """;

    private const string DeliveryRows =
        """
        INSERT INTO Deliveries VALUES (1, 'a1b2', '00112233-4455-6677-8899-aabbccddeeff', 'railsapp', 'deploy.succeeded', 639312049200000007, '{}');
        """;

    private static readonly (string Schema, string Rows)[] s_steps =
        [(Deploys, DeployRows), (Tasks, TaskRows), (Images, ImageRows), (Deliveries, DeliveryRows), (Releases, ReleaseRows)];

    /// <summary>How many steps there are.</summary>
    public static int StepCount => s_steps.Length;

    public static IEnumerable<string> Schema => s_steps.Select(step => step.Schema).Prepend(Notes);

    /// <summary>Makes the file as it was after so many steps.</summary>
    public static void Make(HistoryFolder folder, int steps)
    {
        Directory.CreateDirectory(folder.Path);
        using var connection = folder.Connect(
            ["PRAGMA journal_mode = WAL", Notes, .. s_steps.Take(steps).SelectMany(step => new[] { step.Schema, step.Rows })]);
    }
}
