using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Deployster.Infrastructure.History.Migrations
{
    /// <inheritdoc />
    public partial class UnitCount : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "UnitCount",
                table: "Deploys",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "UnitCount",
                table: "Deploys");
        }
    }
}
