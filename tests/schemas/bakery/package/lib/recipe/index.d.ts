import { Construct } from 'constructs';
import * as cdktn from 'cdktn';
export interface RecipeConfig extends cdktn.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#author Recipe#author}
    */
    readonly author?: RecipeAuthor;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#steps Recipe#steps}
    */
    readonly steps: RecipeSteps[] | cdktn.IResolvable;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#variants Recipe#variants}
    */
    readonly variants?: RecipeVariants[] | cdktn.IResolvable;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#toppings Recipe#toppings}
    */
    readonly toppings?: {
        [key: string]: RecipeToppings;
    } | cdktn.IResolvable;
}
export interface RecipeAuthor {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#name Recipe#name}
    */
    readonly name: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#mail Recipe#mail}
    */
    readonly mail?: string;
}
export declare function recipeAuthorToTerraform(struct?: RecipeAuthor | cdktn.IResolvable): any;
export declare function recipeAuthorToHclTerraform(struct?: RecipeAuthor | cdktn.IResolvable): any;
export declare class RecipeAuthorOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string);
    get internalValue(): RecipeAuthor | cdktn.IResolvable | undefined;
    set internalValue(value: RecipeAuthor | cdktn.IResolvable | undefined);
    private _name?;
    get name(): string;
    set name(value: string);
    get nameInput(): string | undefined;
    private _mail?;
    get mail(): string;
    set mail(value: string);
    resetMail(): void;
    get mailInput(): string | undefined;
}
export interface RecipeSteps {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#text Recipe#text}
    */
    readonly text: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#minutes Recipe#minutes}
    */
    readonly minutes?: number;
}
export declare function recipeStepsToTerraform(struct?: RecipeSteps | cdktn.IResolvable): any;
export declare function recipeStepsToHclTerraform(struct?: RecipeSteps | cdktn.IResolvable): any;
export declare class RecipeStepsOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): RecipeSteps | cdktn.IResolvable | undefined;
    set internalValue(value: RecipeSteps | cdktn.IResolvable | undefined);
    private _text?;
    get text(): string;
    set text(value: string);
    get textInput(): string | undefined;
    private _minutes?;
    get minutes(): number;
    set minutes(value: number);
    resetMinutes(): void;
    get minutesInput(): number | undefined;
}
export declare class RecipeStepsList extends cdktn.ComplexList {
    internalValue?: RecipeSteps[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): RecipeStepsOutputReference;
}
export interface RecipeVariants {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#name Recipe#name}
    */
    readonly name: string;
}
export declare function recipeVariantsToTerraform(struct?: RecipeVariants | cdktn.IResolvable): any;
export declare function recipeVariantsToHclTerraform(struct?: RecipeVariants | cdktn.IResolvable): any;
export declare class RecipeVariantsOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): RecipeVariants | cdktn.IResolvable | undefined;
    set internalValue(value: RecipeVariants | cdktn.IResolvable | undefined);
    private _name?;
    get name(): string;
    set name(value: string);
    get nameInput(): string | undefined;
}
export declare class RecipeVariantsList extends cdktn.ComplexList {
    internalValue?: RecipeVariants[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): RecipeVariantsOutputReference;
}
export interface RecipeToppings {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#grams Recipe#grams}
    */
    readonly grams: number;
}
export declare function recipeToppingsToTerraform(struct?: RecipeToppings | cdktn.IResolvable): any;
export declare function recipeToppingsToHclTerraform(struct?: RecipeToppings | cdktn.IResolvable): any;
export declare class RecipeToppingsOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectKey the key of this item in the map
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectKey: string);
    get internalValue(): RecipeToppings | cdktn.IResolvable | undefined;
    set internalValue(value: RecipeToppings | cdktn.IResolvable | undefined);
    private _grams?;
    get grams(): number;
    set grams(value: number);
    get gramsInput(): number | undefined;
}
export declare class RecipeToppingsMap extends cdktn.ComplexMap {
    internalValue?: {
        [key: string]: RecipeToppings;
    } | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string);
    /**
    * @param key the key of the item to return
    */
    get(key: string): RecipeToppingsOutputReference;
}
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe bakery_recipe}
*/
export declare class Recipe extends cdktn.TerraformResource {
    static readonly tfResourceType = "bakery_recipe";
    /**
    * Generates CDKTN code for importing a Recipe resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the Recipe to import
    * @param importFromId The id of the existing Recipe that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the Recipe to import is found
    */
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider): cdktn.ImportableResource;
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/recipe bakery_recipe} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options RecipeConfig
    */
    constructor(scope: Construct, id: string, config: RecipeConfig);
    get id(): string;
    private _author;
    get author(): RecipeAuthorOutputReference;
    putAuthor(value: RecipeAuthor): void;
    resetAuthor(): void;
    get authorInput(): cdktn.IResolvable | RecipeAuthor | undefined;
    private _steps;
    get steps(): RecipeStepsList;
    putSteps(value: RecipeSteps[] | cdktn.IResolvable): void;
    get stepsInput(): cdktn.IResolvable | RecipeSteps[] | undefined;
    private _variants;
    get variants(): RecipeVariantsList;
    putVariants(value: RecipeVariants[] | cdktn.IResolvable): void;
    resetVariants(): void;
    get variantsInput(): cdktn.IResolvable | RecipeVariants[] | undefined;
    private _toppings;
    get toppings(): RecipeToppingsMap;
    putToppings(value: {
        [key: string]: RecipeToppings;
    } | cdktn.IResolvable): void;
    resetToppings(): void;
    get toppingsInput(): cdktn.IResolvable | {
        [key: string]: RecipeToppings;
    } | undefined;
    protected synthesizeAttributes(): {
        [name: string]: any;
    };
    protected synthesizeHclAttributes(): {
        [name: string]: any;
    };
}
