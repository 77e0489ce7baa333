using System.CommandLine;

namespace Deployster.Api.CommandLine;

/// <summary>Reads the command line and runs what it asks for.</summary>
internal static class DeploysterCommand
{
    /// <summary>The exit code of a command line that cannot be used.</summary>
    public const int UsageError = 2;

    /// <summary>Runs <paramref name="serve"/>, or prints what stands in the way in one line.</summary>
    public static async Task<int> RunAsync(string[] args, Func<DeploysterOptions, Task> serve)
    {
        var serveOptions = new ServeOptions();
        var root = new RootCommand(
            "Deploys container images by convention. Each option is also an environment variable: -registry-url is DEPLOYSTER_REGISTRY_URL.");
        serveOptions.AddTo(root);
        root.Subcommands.Add(HashPasswordCommand.Create());
        root.SetAction(parsed => serve(serveOptions.Read(parsed)));

        var result = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false });
        if (result.Errors.Count > 0)
        {
            return Refuse(result.Errors[0].Message);
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            return Refuse(e.Message);
        }
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"deployster: {reason} (deployster -h lists the options)");
        return UsageError;
    }
}
