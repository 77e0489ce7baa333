using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>The history's tables.</summary>
internal sealed class HistoryContext(DbContextOptions<HistoryContext> options) : DbContext(options)
{
    public DbSet<DeployRow> Deploys => Set<DeployRow>();

    public DbSet<DeployEventRow> DeployEvents => Set<DeployEventRow>();

    public DbSet<TaskRow> Tasks => Set<TaskRow>();

    public static void Configure(DbContextOptionsBuilder options, string connectionString) =>
        options.UseSqlite(connectionString).AddInterceptors(new LightSync()).ConfigureWarnings(warnings => warnings
            // Whoever uses the history tells of its failures.
            .Log(
                (RelationalEventId.CommandExecuted, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug),
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (RelationalEventId.TransactionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug))
            .Ignore(RelationalEventId.MigrationsUserTransactionWarning));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DeployRow>(deploy =>
        {
            deploy.HasIndex(row => new { row.Service, row.Version, row.Timestamp }).IsUnique();
            deploy.HasIndex(row => new { row.Service, row.RequestedAt, row.Id });
            deploy.HasIndex(row => row.Status);
            deploy.HasMany(row => row.Events).WithOne().HasForeignKey(row => row.DeployId);
        });
        modelBuilder.Entity<DeployEventRow>().HasKey(row => new { row.DeployId, row.Id });
        modelBuilder.Entity<TaskRow>(task =>
        {
            task.HasIndex(row => new { row.Service, row.Id });
            task.HasIndex(row => row.Status);
        });
    }
}
