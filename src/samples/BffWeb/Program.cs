using BffWeb;
using BffWeb.Logout;
using BffWeb.SignIn;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Loopback only, unless ASPNETCORE_URLS or --urls says otherwise.
builder.Configuration["urls"] ??= "http://localhost:5103";
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);

var site = builder.Configuration.Get<SiteOptions>()!;
builder.Services.AddOptions<SiteOptions>().Bind(builder.Configuration);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHttpClient(HttpClients.Issuer, http => http.Timeout = TimeSpan.FromSeconds(10))
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
builder.Services.AddHttpClient(HttpClients.Orders, http =>
    {
        http.BaseAddress = site.OrdersApi;
        http.Timeout = TimeSpan.FromSeconds(10);
    })
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
builder.Services.AddSignIn(site);
builder.Services.AddAuthorization();
builder.Services.AddSingleton<OrdersProxy>();
builder.Services.AddSingleton<IssuerKeys>();
builder.Services.AddSingleton<LogoutTokenReader>();

var app = builder.Build();

app.Use(SecurityHeaders.WriteAsync);
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();
app.MapBff();
app.MapBackchannelLogout();

await app.RunAsync();
