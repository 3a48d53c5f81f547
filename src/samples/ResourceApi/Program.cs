using System.Security.Claims;
using IdentityProvider.ResourceServer;
using ResourceApi;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Loopback only, unless ASPNETCORE_URLS or --urls says otherwise.
builder.Configuration["urls"] ??= "http://localhost:5101";

builder.Services.AddSingleton<OrderBook>();
builder.Services.AddAuthentication().AddIdentityProvider(options =>
{
    options.Authority = builder.Configuration["Issuer"]!;
    options.Audience = builder.Configuration["Audience"]!;
});

// Single-page apps call from their own origin. No credentials: the access token is in a header, not in a cookie.
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
    .WithOrigins(builder.Configuration.GetSection("Origins").Get<string[]>() ?? [])
    .WithMethods("GET", "POST")
    .WithHeaders("Authorization", "Content-Type")
    .SetPreflightMaxAge(TimeSpan.FromHours(2))));

var app = builder.Build();

// Before authorization: a page must be able to read a 401, too.
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", () => "Orders API. Ask for /orders with an access token.");

app.MapGet("/orders", (OrderBook orders) => orders.All)
    .RequireScope("orders.read");

app.MapPost("/orders", (NewOrder order, OrderBook orders, ClaimsPrincipal caller) =>
        order is { Item: { Length: > 0 and <= 100 } item, Quantity: > 0 and <= 1000 }
            ? Results.Created(
                "/orders",
                orders.Add(item, order.Quantity, caller.FindFirstValue("sub")!, caller.FindFirstValue("client_id")!))
            : Results.BadRequest())
    .RequireScope("orders.write");

// What is cancelled is lost: two factors, proved in the last five minutes. Else 401 insufficient_user_authentication, which tells the
// client what to ask for (RFC 9470 §3).
app.MapDelete("/orders/{number:int}", (int number, OrderBook orders, ClaimsPrincipal caller) =>
        orders.TryCancel(number, caller.FindFirstValue("sub")!) ? Results.NoContent() : Results.NotFound())
    .RequireScope("orders.write")
    .RequireUserAuthentication(TimeSpan.FromMinutes(5), "2", "3");

await app.RunAsync();
