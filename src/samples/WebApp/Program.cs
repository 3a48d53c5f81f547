using WebApp;
using WebApp.Orders;
using WebApp.SignIn;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Loopback only, unless ASPNETCORE_URLS or --urls says otherwise.
builder.Configuration["urls"] ??= "http://localhost:5100";

var site = builder.Configuration.Get<SiteOptions>()!;
builder.Services.AddOptions<SiteOptions>().Bind(builder.Configuration);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHttpContextAccessor();
builder.Services.AddHttpClient(HttpClients.Issuer, http => http.Timeout = TimeSpan.FromSeconds(10))
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
builder.Services.AddHttpClient(HttpClients.Orders, http =>
{
    http.BaseAddress = site.OrdersApi;
    http.Timeout = TimeSpan.FromSeconds(10);
});
builder.Services.AddSignIn(site);
builder.Services.AddSingleton<OrdersClient>();
builder.Services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "webapp.antiforgery");
builder.Services.AddRazorPages();

var app = builder.Build();

app.UseExceptionHandler(new ExceptionHandlerOptions
{
    ExceptionHandlingPath = "/problem",

    // The page logs this one itself, in one line.
    SuppressDiagnosticsCallback = failure => IssuerUnavailableException.In(failure.Exception) is not null,
});
app.UseStaticFiles();
app.Use(SecurityHeaders.WriteAsync);
app.UseAuthentication();
app.UseAuthorization();
app.MapSignInAndOut();
app.MapRazorPages();

await app.RunAsync();
