namespace ResourceApi;

/// <summary>An order, with who placed it: the token's <c>sub</c>, and the client that sent it.</summary>
internal sealed record Order(int Number, string Item, int Quantity, string PlacedBy, string PlacedThrough);

/// <summary>What a client sends.</summary>
internal sealed record NewOrder(string? Item, int Quantity);
