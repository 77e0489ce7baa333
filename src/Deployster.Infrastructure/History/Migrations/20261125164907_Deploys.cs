using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Deployster.Infrastructure.History.Migrations
{
    /// <inheritdoc />
    public partial class Deploys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Deploys",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Service = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<string>(type: "TEXT", nullable: false),
                    Timestamp = table.Column<string>(type: "TEXT", nullable: false),
                    RequestedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Intention = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RequesterUser = table.Column<string>(type: "TEXT", nullable: true),
                    RequesterAddress = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deploys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DeployEvents",
                columns: table => new
                {
                    DeployId = table.Column<long>(type: "INTEGER", nullable: false),
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Time = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeployEvents", x => new { x.DeployId, x.Id });
                    table.ForeignKey(
                        name: "FK_DeployEvents_Deploys_DeployId",
                        column: x => x.DeployId,
                        principalTable: "Deploys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Deploys_Service_RequestedAt_Id",
                table: "Deploys",
                columns: new[] { "Service", "RequestedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Deploys_Service_Version_Timestamp",
                table: "Deploys",
                columns: new[] { "Service", "Version", "Timestamp" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deploys_Status",
                table: "Deploys",
                column: "Status");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeployEvents");

            migrationBuilder.DropTable(
                name: "Deploys");
        }
    }
}
