using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Deployster.Infrastructure.History;

/// <summary>What <c>dotnet ef migrations add</c> makes a context with.</summary>
internal sealed class HistoryContextDesign : IDesignTimeDbContextFactory<HistoryContext>
{
    public HistoryContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<HistoryContext>();
        HistoryContext.Configure(options, "Data Source=:memory:");
        return new HistoryContext(options.Options);
    }
}
