// An ASP.NET Core application that does nothing: what the start of Deployster is measured against.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/readyz", () => "ready");
app.Run();
