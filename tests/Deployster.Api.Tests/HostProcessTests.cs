using Deployster.Api.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Api.Tests;

/// <summary>How the process ends.</summary>
internal sealed class HostProcessTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Process_WhenAServiceFails_EndsWith1AndLogsWhy(bool isAtOnce)
    {
        var log = new LogCapture();
        var host = HostOf(new Service(async (_, cancellationToken) =>
        {
            if (!isAtOnce)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }

            throw new InvalidOperationException("It broke.");
        }), log);

        (await RunAsync(host)).Should().Be(DeploysterCommand.Failure);

        log.Lines.Should().Contain(line => line.Level == LogLevel.Critical && line.Text.Contains("It broke."));
    }

    [Test]
    public async Task Process_WhenToldToStop_EndsWith0()
    {
        var host = HostOf(new Service((lifetime, cancellationToken) =>
        {
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }));

        (await RunAsync(host)).Should().Be(0);
    }

    [Test]
    public async Task Process_WhenToldToStopWhileItStarts_EndsWith0()
    {
        var host = HostOf(new Service((_, _) => Task.CompletedTask));
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await RunAsync(host)).Should().Be(0);
    }

    private static Task<int> RunAsync(IHost host) => DeploysterCommand.RunAsync(
        ["-password=x", "-fleet=docker"],
        _ => HostProcess.RunAsync(host, () => host.StartAsync()),
        (_, _) => Task.CompletedTask).WaitAsync(WaitFor.Limit);

    private static IHost HostOf(Service service, LogCapture? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log ?? new LogCapture());
        builder.Services.AddHostedService(provider => service.Within(provider));
        return builder.Build();
    }

    private sealed class Service(Func<IHostApplicationLifetime, CancellationToken, Task> run) : BackgroundService
    {
        private IHostApplicationLifetime _lifetime = null!;

        public Service Within(IServiceProvider provider)
        {
            _lifetime = provider.GetRequiredService<IHostApplicationLifetime>();
            return this;
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(_lifetime, stoppingToken);
    }
}
