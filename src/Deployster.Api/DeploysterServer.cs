using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AutoMapper;
using Deployster.Api.Authentication;
using Deployster.Api.CommandLine;
using Deployster.Api.Errors;
using Deployster.Api.Health;
using Deployster.Api.Json;
using Deployster.Api.Mapping;
using Deployster.Api.Metrics;
using Deployster.Api.OpenApi;
using Deployster.Api.Pages;
using Deployster.Api.Security;
using Deployster.Api.Webhooks;
using Deployster.Application;
using Deployster.Application.Fleet;
using Deployster.Application.Pruning;
using Deployster.Application.Routing;
using Deployster.Application.Tasks;
using Deployster.Gateway;
using Deployster.Infrastructure.Docker;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Tasks;
using Deployster.Infrastructure.Fleet;
using Deployster.Infrastructure.Health;
using Deployster.Infrastructure.History;
using Deployster.Infrastructure.Maintenances;
using Deployster.Infrastructure.Outputs;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Deployster.Api;

/// <summary>Puts the server together and runs it.</summary>
internal static partial class DeploysterServer
{
    private static readonly HttpMethodMetadata s_reading = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Runs until it is told to stop.</summary>
    /// <exception cref="ServiceFailedException">A part of it failed.</exception>
    public static async Task RunAsync(DeploysterOptions options)
    {
        var app = Build(options);
        await HostProcess.RunAsync(app, () => StartAsync(app, options));
    }

    /// <summary>The server for these options, with whatever a test puts in the place of its parts.</summary>
    public static WebApplication Build(DeploysterOptions options, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "deployster" });
        AddLog(builder.Logging);
        Listen(builder, options);
        AddServices(builder.Services, options);
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.Use(SecurityHeaders.AddAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseSurfaceSecurity(options);
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteHealthAsync }).WithMetadata(s_reading).AllowAnonymous();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteHealthAsync }).WithMetadata(s_reading).AllowAnonymous();
        app.MapOpenApi();
        app.MapControllers();
        app.MapStatusPages();
        app.MapPrometheusScrapingEndpoint().WithMetadata(s_reading);
        return app;
    }

    /// <summary>Logs to the console: what Deployster does, and of all else what goes wrong.</summary>
    public static void AddLog(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Deployster", LogLevel.Information);

        // That an address is taken is told in one line; what stops the host later is critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Whoever asks is told why; those who are waiting for the fleet log it once.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // Whose login failed, and from where, is told by those who decide it.
        logging.AddFilter(typeof(BasicAuthenticationHandler).FullName, LogLevel.Warning);

        // Retries are none of the reader's business: what fails in the end is told once, in one line.
        logging.AddFilter("Polly", LogLevel.None);
    }

    private static async Task StartAsync(WebApplication app, DeploysterOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new UsageException($"-listen: {options.Listen}: {e.Message}");
        }

        if (options.HasDefaultPassword)
        {
            LogDefaultPassword(app.Logger, options.Username, DeploysterOptions.LoopbackPassword);
        }

        LogListening(app.Logger, string.Join(", ", app.Urls), options.Fleet);
    }

    private static void AddServices(IServiceCollection services, DeploysterOptions options)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddControllers(mvc =>
            {
                mvc.ModelMetadataDetailsProviders.Add(new SystemTextJsonValidationMetadataProvider(JsonNamingPolicy.SnakeCaseLower));
                mvc.Filters.Add<KnownQuery>();
                mvc.Filters.Add<JsonBodies>();
            })
            .ConfigureApiBehaviorOptions(api =>
            {
                api.InvalidModelStateResponseFactory = action => throw ModelErrors.ToException(action);
                api.SuppressMapClientErrors = true;
            })
            .AddJsonOptions(json =>
            {
                json.AllowInputFormatterExceptionMessages = true;
                JsonRules.Apply(json.JsonSerializerOptions);
            });
        services.AddSurfaceSecurity(options);
        services.AddOpenApiDocument();
        services.AddDeploysterMetrics();
        services.AddHealthChecks().AddCheck<FleetHealthCheck>("fleet");
        services.AddSingleton<IMapper>(_ => ContractMaps.Create().CreateMapper());
        services.AddSingleton<UnitLists>();
        services.AddDeploysterApplication(
            new ImageNames(options.ImagePrefix), new TaskSettings(options.TaskTimeout, options.TaskLimit));
        services.AddHealthProbe();
        services.AddHistory(new HistoryOptions(options.Data, options.HistoryKeep));
        services.AddTaskOutputs(new TaskOutputOptions(options.Data, options.TaskOutputKeep));
        AddFleet(services, options);
        services.AddWebhooks(options);
    }

    private static void AddFleet(IServiceCollection services, DeploysterOptions options)
    {
        var names = new HostNames(options.Domain);
        var engine = new DockerOptions(options.Docker)
        {
            Scope = options.Scope,
            PullAlways = options.PullAlways,
            Network = options.Network,
            Publish = options.Publish,
            PublishPorts = options.PublishPorts,
        };
        services.AddDockerTasks(engine, new DockerTaskOptions(options.TaskOutputKeep));
        if (options.Fleet == FleetChoice.Docker)
        {
            services.AddDockerFleet(engine);
            services.AddDeploysterPruning(new PruneSettings(options.KeepImages));
            services.AddMaintenance(options.Data);
            services.AddDeploysterRouting(names, new DrainOptions(options.DrainTimeout));
            if (options.Gateway is not null)
            {
                services.AddDeploysterGateway(options.Gateway);
            }

            return;
        }

        services.AddSingleton(names);

        services.AddFleetCluster(new FleetClusterOptions(new Uri(options.Fleet))
        {
            PullAlways = options.PullAlways,
            UnitTemplate = options.UnitTemplate is null ? UnitTemplate.Convention : ReadTemplate(options.UnitTemplate),
        });
    }

    private static UnitTemplate ReadTemplate(string file)
    {
        try
        {
            return UnitTemplate.Parse(File.ReadAllText(file));
        }
        catch (FormatException e)
        {
            throw new UsageException($"-unit-template: {file}: {e.Message}");
        }
    }

    private static void Listen(WebApplicationBuilder builder, DeploysterOptions options)
    {
        (X509Certificate2 Own, X509Certificate2Collection Chain)? certificates =
            options.Cert is null ? null : ReadCertificates(options.Cert, options.Key!);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            SurfaceSecurity.Apply(kestrel.Limits);
            kestrel.Listen(options.Listen, endPoint =>
            {
                if (certificates is { } pair)
                {
                    endPoint.UseHttps(https =>
                    {
                        https.ServerCertificate = pair.Own;
                        https.ServerCertificateChain = pair.Chain;
                    });
                }
            });
        });
        builder.Services.AddRouting();
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) ReadCertificates(string cert, string key)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(cert);
            return (X509Certificate2.CreateFromPemFile(cert, key), chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"-cert and -key: {e.Message}");
        }
    }

    private static Task WriteHealthAsync(HttpContext context, HealthReport report)
    {
        var problem = report.Entries.Values.FirstOrDefault(entry => entry.Status != HealthStatus.Healthy).Description;
        return problem is null
            ? context.Response.WriteAsync("ok\n")
            : Results.Problem(statusCode: context.Response.StatusCode, detail: problem).ExecuteAsync(context);
    }

    [LoggerMessage(LogLevel.Warning, "Nobody gave a password: log in as {User} with {Password}. Only this machine can reach it.")]
    private static partial void LogDefaultPassword(ILogger logger, string user, string password);

    [LoggerMessage(LogLevel.Information, "Listening on {Urls}, driving {Fleet}")]
    private static partial void LogListening(ILogger logger, string urls, string fleet);
}
