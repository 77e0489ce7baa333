using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using Deployster.Gateway;
using Deployster.Gateway.Standalone;

namespace Deployster.Api.CommandLine;

/// <summary>Reads the command line and runs what it asks for.</summary>
internal static partial class DeploysterCommand
{
    /// <summary>The exit code of a command line that cannot be used.</summary>
    public const int UsageError = 2;

    /// <summary>The exit code where a part of Deployster failed: whoever supervises the process starts it again.</summary>
    public const int Failure = 1;

    /// <summary>Runs <paramref name="serve"/> or <paramref name="gateway"/>, or prints what stands in the way in one line.</summary>
    public static async Task<int> RunAsync(
        string[] args, Func<DeploysterOptions, Task> serve, Func<GatewayOptions, StandaloneOptions, Task> gateway)
    {
        var serveOptions = new ServeOptions();
        var root = new RootCommand(
            "Deploys container images by convention. Each option is also an environment variable: -registry-url is DEPLOYSTER_REGISTRY_URL.");
        root.Options.OfType<HelpOption>().Single().Aliases.Add("-help");
        serveOptions.AddTo(root);
        root.Subcommands.Add(new StandaloneArguments().ToCommand(gateway));
        root.Subcommands.Add(HashPasswordCommand.Create());
        root.SetAction(parsed => serve(serveOptions.Read(parsed)));

        var result = root.Parse(args, new ParserConfiguration
        {
            EnablePosixBundling = false,

            // A password may begin with '@', which would name a file of options.
            ResponseFileTokenReplacer = null,
        });
        if (result.Errors.Count > 0)
        {
            return Refuse(UrlRest().Replace(result.Errors[0].Message, "://${host}/…"));
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // The host sees to signals itself.
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e) when (e is UsageException or GatewayStartException)
        {
            return Refuse(e.Message);
        }
        catch (ServiceFailedException)
        {
            // The log tells of it.
            return Failure;
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"deployster: {reason} (deployster -h lists the options)");
        return UsageError;
    }

    // Of a URL in a mistyped option: what stands before and behind its host may be a secret.
    [GeneratedRegex(@"://([^/?#\s']*@)?(?<host>[^/?#\s']*)[/?#][^\s']*|://[^/?#\s']*@(?<host>[^/?#\s']*)")]
    private static partial Regex UrlRest();
}
