using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceWorker;

// --once is a switch of ours, not a setting.
var once = args.Contains("--once", StringComparer.Ordinal);
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = [.. args.Where(arg => arg is not "--once")],
    ContentRootPath = AppContext.BaseDirectory,
});

builder.Services.AddSingleton(new RunMode(once));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddOptions<WorkerOptions>().Bind(builder.Configuration);
builder.Services.AddSingleton<AccessTokens>();
builder.Services.AddHttpClient(AccessTokens.HttpClientName, http => http.Timeout = TimeSpan.FromSeconds(15))
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
builder.Services.AddTransient<AccessTokenHandler>();
builder.Services.AddHttpClient(OrdersWorker.HttpClientName, http => http.Timeout = TimeSpan.FromSeconds(15))
    .AddHttpMessageHandler<AccessTokenHandler>();
builder.Services.AddHostedService<OrdersWorker>();

await builder.Build().RunAsync();
