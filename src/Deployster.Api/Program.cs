using Deployster.Api;
using Deployster.Api.CommandLine;

return await DeploysterCommand.RunAsync(args, DeploysterServer.RunAsync, StandaloneGateway.RunAsync);
